"""What the child process does that marks up somebody's own workbook: parts of the archive are edited by cutting and pasting.

Whatever is not edited stays as it stood, to the byte. Standard library only, relative imports only, like the reader beside it.
"""
