"""The operations over HTTP, one file a subject. They read the request and speak; the rooms beside decide."""
