"""What runs inside the child process that opens an upload: standard library only, relative imports only.

The child is started with this folder's parent on the path, so nothing here may import from the rest of the application:
a file that breaks the parser can break only a process that holds no secrets, no database and no session.
"""
