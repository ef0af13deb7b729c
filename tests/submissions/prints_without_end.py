# too_much_output: put out more than
while True:
    print("x" * 1000)
