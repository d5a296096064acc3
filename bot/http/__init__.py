"""The web: chat, personal links, the pay and verify pages, webhooks. Handlers read the request and call one thing."""
