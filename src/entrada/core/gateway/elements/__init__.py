"""The policies that are executed, a file each: how its element is read, and what it decides.

Every element that Azure has and we do not execute is refused by name, in `refused.py`.
"""
