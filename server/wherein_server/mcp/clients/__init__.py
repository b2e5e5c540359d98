"""The configuration of coding agents: adds and removes `wherein mcp`, and touches nothing else."""
