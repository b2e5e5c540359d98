"""A team's repositories, kept indexed in its Redis by workers on any number of machines.

`ledger` is what there is to do and what was done; `engine` and `worker` are the queue (RQ); `job` does the work.
"""
