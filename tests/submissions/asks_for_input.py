# crashed: StdinNotImplementedError
input("your name? ")
