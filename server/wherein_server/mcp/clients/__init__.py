"""The configuration of coding agents: `wherein mcp` put in and taken out, and nothing else touched."""
