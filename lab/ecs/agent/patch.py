"""Putting functions of ours around those of the emulator."""

import functools


def around(module, name):
    """Replaces `module.name` by the decorated function, which gets the original first.

    The emulator's tables of operations hold functions as well, so they are replaced there too.
    A name the pinned version does not have is an error at once.
    """
    original = getattr(module, name)

    def put(function):
        @functools.wraps(original)
        def replacement(*arguments, **keywords):
            return function(original, *arguments, **keywords)

        setattr(module, name, replacement)
        for table in [value for value in vars(module).values() if isinstance(value, dict)]:
            for key in [key for key, value in table.items() if value is original]:
                table[key] = replacement
        return replacement

    return put
