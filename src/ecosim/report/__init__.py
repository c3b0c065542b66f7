"""What leaves the program: labels in two languages, tables, figures, and the folder that receives them.

Nothing here computes a result; it shows tables that others made. Importing it loads no plotting library.
"""
