/// The parameters of a query, encoded by the rules of SigV4 and sorted by name, then value.
struct CanonicalQuery {
  let text: String

  init(_ query: String) {
    let parameters = query.split(separator: "&").map(Parameter.init).sorted()
    text = parameters.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
  }

  private struct Parameter: Comparable {
    let name: String
    let value: String

    init(_ text: Substring) {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      name = PercentEncoding.encode(PercentEncoding.decode(parts[0]))
      value = parts.count > 1 ? PercentEncoding.encode(PercentEncoding.decode(parts[1])) : ""
    }

    static func < (left: Parameter, right: Parameter) -> Bool {
      (left.name, left.value) < (right.name, right.value)
    }
  }
}
