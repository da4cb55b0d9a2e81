internal import AWSValues

extension Answer {
  /// The one element of that name right in the result.
  func result(_ name: String) throws(AWSError) -> Place { try element("\(call)Result/\(name)") }

  /// The members of a list in the result.
  func members(of list: String) -> [Place] { elements("\(call)Result/\(list)/member") }

  /// Where the next page begins; nil on the last.
  func nextMarker() throws(AWSError) -> String? {
    guard try optionalText("\(call)Result/IsTruncated") == "true" else { return nil }
    return try text("\(call)Result/Marker")
  }

  func tags() throws(AWSError) -> [Tag] {
    var tags: [Tag] = []
    for place in members(of: "Tags") {
      tags.append(Tag(key: try text("Key", in: place), value: try optionalText("Value", in: place) ?? ""))
    }
    return tags
  }

  func policyNames() throws(AWSError) -> [PolicyName] {
    var names: [PolicyName] = []
    for place in members(of: "PolicyNames") {
      guard let name = PolicyName(document.text(at: place)) else { throw malformed("PolicyNames") }
      names.append(name)
    }
    return names
  }
}
