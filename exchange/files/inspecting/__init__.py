"""What runs inside the child process that opens a scan: relative imports, the standard library, and the two readers.

The child is started with this folder's parent on the path, so nothing here may import from the rest of the application:
a file that breaks a reader can break only a process that holds no secrets, no database and no session.
"""
