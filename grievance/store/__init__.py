"""What is kept, how it is sealed, and who may see which row?"""
