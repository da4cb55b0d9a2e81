/// Finds the names that a mistyped one may stand for.
package struct NearestNames {
  private let mistyped: [UInt8]
  /// How many wrong letters are still a typing mistake.
  private let limit: Int

  package init(to mistyped: String) {
    self.mistyped = mistyped.utf8.map(\.lowercased)
    limit = max(1, mistyped.utf8.count / 3)
  }

  /// At most three of `names`, the nearest first; after misspellings come names that start with what was typed, then
  /// those that contain all of its parts.
  package func among(_ names: [String]) -> [String] {
    let ranked = names.compactMap { name in rank(of: name).map { (rank: $0, name: name) } }
    return ranked.sorted { ($0.rank, $0.name) < ($1.rank, $1.name) }.prefix(3).map(\.name)
  }

  private func rank(of name: String) -> Int? {
    let name = name.utf8.map(\.lowercased)
    if abs(name.count - mistyped.count) <= limit {
      let distance = distance(to: name)
      if distance <= limit { return distance }
    }
    guard mistyped.count >= 2 else { return nil }
    return name.starts(with: mistyped) ? limit + 1 : containsParts(name) ? limit + 2 : nil
  }

  /// Whether the name contains all parts of what was typed, as `payments-prod0-Admin` those of `prod-admin`.
  package func areParts(of name: String) -> Bool { containsParts(name.utf8.map(\.lowercased)) }

  private func containsParts(_ name: [UInt8]) -> Bool {
    let parts = mistyped.split { "-_/. ".utf8.contains($0) }
    return !parts.isEmpty && parts.allSatisfy { part in name.indices.contains { name[$0...].starts(with: part) } }
  }

  /// How many letters have to be typed, left out, changed or swapped with their neighbour (optimal string alignment).
  private func distance(to name: [UInt8]) -> Int {
    var before: [Int] = []
    var last = Array(0...name.count)
    for row in mistyped.indices {
      var next = [row + 1]
      for column in name.indices {
        let changed = last[column] + (mistyped[row] == name[column] ? 0 : 1)
        next.append(min(changed, last[column + 1] + 1, next[column] + 1))
        if isSwap(row, column, of: name) { next[column + 1] = min(next[column + 1], before[column - 1] + 1) }
      }
      (before, last) = (last, next)
    }
    return last[name.count]
  }

  private func isSwap(_ row: Int, _ column: Int, of name: [UInt8]) -> Bool {
    row > 0 && column > 0 && mistyped[row] == name[column - 1] && mistyped[row - 1] == name[column]
  }
}
