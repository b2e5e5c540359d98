"""An HTTP server for a team: a web page, a JSON API, MCP, metrics. It reads indexes and changes none."""
