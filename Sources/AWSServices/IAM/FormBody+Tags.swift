extension FormBody {
  mutating func append(_ tags: [Tag]) {
    for (index, tag) in tags.enumerated() {
      append("Tags.member.\(index + 1).Key", tag.key)
      append("Tags.member.\(index + 1).Value", tag.value)
    }
  }
}
