"""``python -m rmrcpm.setup_vendor``: fetch the browser's third-party files, when they changed."""

from rmrcpm.launch import vendor

if __name__ == "__main__":
    vendor()
