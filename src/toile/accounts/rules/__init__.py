"""The rules of accounts: pure, dated, cited."""
