"""A person: names in three scripts, IIN, identity documents."""
