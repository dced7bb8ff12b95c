"""With what does a browser seal? libsodium as its authors publish it to npm, pinned by the lock file here."""
