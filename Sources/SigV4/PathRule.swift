/// How a service wants the path of a request signed.
package enum PathRule: Sendable {
  /// STS, IAM and most others: `.`, `..` and empty segments resolved, then what goes over the wire encoded once more.
  case normalized
  /// S3, where every byte of a key counts: nothing resolved, encoded once.
  case asIs

  /// The canonical form of `path`, which is as it goes over the wire.
  func canonical(_ path: String) -> String {
    switch self {
    case .normalized: PercentEncoding.encode(normalize(path).utf8, keeping: "/")
    case .asIs: PercentEncoding.encode(PercentEncoding.decode(path), keeping: "/")
    }
  }

  private func normalize(_ path: String) -> String {
    var segments: [Substring] = []
    for segment in path.split(separator: "/") where segment != "." {
      if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
    }
    let end = path.hasSuffix("/") && !segments.isEmpty ? "/" : ""
    return "/" + segments.joined(separator: "/") + end
  }
}
