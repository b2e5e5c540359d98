"""The server for coding agents: the Model Context Protocol over the engine.

The wire is spoken here and not by the official SDK, which is what the tests drive this with: importing it takes .6 s of
processor time and 57 MB, where a first answer is due within .5 s.
"""
