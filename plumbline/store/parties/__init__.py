"""Parties: whom policies are for, and the accounts that speak for them.

A party is a row of a roll, named by table and key: a firm is a row of firms, named by its unified social credit code.
Import the modules: `bindings` (accounts), `statements` (what a party says of itself), `preferences`, `pushing`, `sending`.
"""
