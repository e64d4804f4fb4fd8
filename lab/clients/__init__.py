"""Makes what is generated from the API: its OpenAPI document as a file, and the clients (decision 22).

`make clients` writes all of it; tests/contract/test_clients.py fails when one is not current.
"""
