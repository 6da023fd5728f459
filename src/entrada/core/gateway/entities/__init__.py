"""What a gateway is made of, under the names of Azure's management API.  Gateway reference sections 13 and 14.

Each file holds a noun and `problems(noun)`, which says what must hold of it and does not, by member.
"""
