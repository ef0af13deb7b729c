# crashed: ValueError: this is my own mistake
raise ValueError("this is my own mistake")
