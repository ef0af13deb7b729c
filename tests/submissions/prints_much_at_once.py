# too_much_output: put out more than
print("x" * 10**8)
