/// An item that the service found, and whether it says that it is locked.
struct FoundItem {
  /// The object path, below that of its collection.
  let path: String
  let state: State

  enum State { case locked, unlocked }
}
