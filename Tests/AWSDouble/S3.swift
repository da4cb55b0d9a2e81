import FoundationEssentials

extension World {
  func listBuckets(_ parameters: Parameters, as caller: Caller) throws(Refusal) -> [XMLElement] {
    // x-id repeats the operation's name in some SDKs' requests; S3 does not look at it.
    try parameters.allow(["max-buckets", "continuation-token", "prefix", "bucket-region", "x-id"])
    try authorize(caller, to: "s3:ListAllMyBuckets")
    let (prefix, region) = (parameters["prefix"] ?? "", parameters["bucket-region"])
    let all = account.buckets.filter { $0.name.hasPrefix(prefix) && $0.region == region ?? $0.region }
    let size = min(try maxBuckets(parameters), account.bucketPageSize)
    let page = try Page(all.sorted { $0.name < $1.name }, size: size, after: parameters["continuation-token"])
    let owner = XMLElement("Owner", [XMLElement("ID", String(repeating: "0a1b2c3d", count: 8))])
    return [owner, XMLElement("Buckets", page.items.map(element))]
      + (page.next.map { [XMLElement("ContinuationToken", $0)] } ?? [])
      + (parameters["prefix"].map { [XMLElement("Prefix", $0)] } ?? [])
  }

  private func maxBuckets(_ parameters: Parameters) throws(Refusal) -> Int {
    guard let text = parameters["max-buckets"] else { return 10_000 }
    guard let value = Int(text), (1...10_000).contains(value) else {
      throw .invalidArgument("Argument max-buckets must be an integer between 1 and 10000")
    }
    return value
  }

  private func element(_ bucket: Bucket) -> XMLElement {
    XMLElement(
      "Bucket",
      [
        XMLElement("Name", bucket.name), XMLElement("CreationDate", Timestamp.milliseconds(bucket.created)),
        XMLElement("BucketRegion", bucket.region),
      ])
  }
}

// MARK: - Page

/// One page of a list, and the opaque marker of the next.
struct Page<Item> {
  let items: ArraySlice<Item>
  let next: String?

  /// Throws `InvalidArgument` for a marker that we did not hand out.
  init(_ all: [Item], size: Int, after marker: String?) throws(Refusal) {
    let start = try marker.map(Self.position) ?? 0
    guard (0...all.count).contains(start) else {
      throw .invalidArgument("The continuation token provided is incorrect")
    }
    let end = min(start + size, all.count)
    items = all[start..<end]
    next = end < all.count ? Data("page+/\(end)".utf8).base64EncodedString() : nil
  }

  private static func position(_ marker: String) throws(Refusal) -> Int {
    let text = Data(base64Encoded: marker).map { String(decoding: $0, as: UTF8.self) }
    guard let text, text.hasPrefix("page+/"), let position = Int(text.dropFirst(6)) else {
      throw .invalidArgument("The continuation token provided is incorrect")
    }
    return position
  }
}
