"""From ballots to winners, by a rule that is data: pure functions, exact arithmetic, every step told.

Nothing here reads a clock, a file or chance; the same ballots in any order give the same result on any machine. Money
is whole hundredths of the currency, prices and averages are fractions: no floating point number decides anything.
`count.py` is where to begin reading.
"""
