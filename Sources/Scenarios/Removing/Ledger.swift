/// What a run may have made, in order; written before the call, since an answer can be lost.
struct Ledger: Equatable {
  private(set) var resources: [Resource] = []

  mutating func record(_ resource: Resource) {
    resources.append(resource)
  }

  /// What was made last goes first.
  var teardown: [Resource] { resources.reversed() }
}
