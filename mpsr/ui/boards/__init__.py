"""The Boards page: all boards, one board, adding products from anywhere, export."""
