/// How a service makes the canonical path out of the path on the wire.
package enum PathRule: Sendable {
  /// Dot segments and doubled slashes removed, then each segment encoded once more than on the wire.
  case normalizedThenEncoded
  /// Each segment encoded once more, nothing removed.
  case encodedAsIs
  /// S3: the decoded path encoded once, nothing removed.
  case encodedOnce

  func canonical(_ path: String) -> String {
    switch self {
    case .normalizedThenEncoded: PercentEncoding.encode(Self.normalize(path).utf8, keeping: "/")
    case .encodedAsIs: PercentEncoding.encode(path.utf8, keeping: "/")
    case .encodedOnce: PercentEncoding.encode(PercentEncoding.decode(path) ?? Array(path.utf8), keeping: "/")
    }
  }

  private static func normalize(_ path: String) -> String {
    var kept: [Substring] = []
    for segment in path.split(separator: "/") {
      switch segment {
      case ".": continue
      case "..": _ = kept.popLast()
      default: kept.append(segment)
      }
    }
    let last = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    let isFolder = kept.isEmpty || ["", ".", ".."].contains(last)
    return "/" + kept.joined(separator: "/") + (isFolder && !kept.isEmpty ? "/" : "")
  }
}
