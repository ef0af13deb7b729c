"""Errors whose message is all a user needs to see."""


class UserError(Exception):
    """A mistake of the user: one line that says what is wrong, and one on how to go on."""

    def __init__(self, problem, hint=""):
        super().__init__(problem)
        self.hint = hint
