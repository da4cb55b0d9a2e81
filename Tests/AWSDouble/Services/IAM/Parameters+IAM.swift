/// The limits of IAM's API model.
extension Parameters {
  private static let standard: Set = ["Action", "Version"]

  /// Refuses parameters that are none of these, and lets a list's pages be asked for.
  func allowIAM(_ names: String..., tags: TagRule = .none, pages: PageRule = .none) throws(Refusal) {
    let tagNames = values.keys.filter { $0.hasPrefix("Tags.member.") }
    try allow(
      Self.standard.union(names).union(tags == .some ? tagNames : []).union(
        pages == .some ? ["MaxItems", "Marker"] : []))
  }

  enum TagRule { case none, some }
  enum PageRule { case none, some }

  func name(_ parameter: String, upTo most: Int) throws(Refusal) -> String {
    try required(text(parameter, 1...most, others: "+=,.@-"), parameter)
  }

  func serial() throws(Refusal) -> String {
    try required(text("SerialNumber", 9...256, others: "+=/:,.@-"), "SerialNumber")
  }

  func keyID() throws(Refusal) -> String {
    try required(text("AccessKeyId", 16...128, others: ""), "AccessKeyId")
  }

  /// `/` where none is given.
  func path() throws(Refusal) -> String {
    let path = self["Path"] ?? "/"
    guard path.hasPrefix("/"), path.hasSuffix("/"), (1...512).contains(path.utf8.count) else {
      throw .validation(
        "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters."
      )
    }
    return path
  }

  func tags() throws(Refusal) -> [String: String] {
    var tags: [String: String] = [:]
    var number = 1
    while let key = self["Tags.member.\(number).Key"] {
      guard (1...128).contains(key.count), let value = self["Tags.member.\(number).Value"], value.count <= 256 else {
        throw .constraint(key, at: "tags.\(number).member.key", "have length between 1 and 128, and a value")
      }
      tags[key] = value
      number += 1
    }
    guard values.keys.count(where: { $0.hasPrefix("Tags.member.") }) == tags.count * 2 else {
      throw .validation("The tags are not numbered from 1, or repeated.")
    }
    return tags
  }
}
