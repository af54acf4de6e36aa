"""Money given under policies: budgets never passed, nobody paid twice, two people for every payment.

Import the modules: `budgets`, `applying`, `examining`, `accounts`, `paying`, `bank`, `booking`, `clawing`, `overview`.
"""
