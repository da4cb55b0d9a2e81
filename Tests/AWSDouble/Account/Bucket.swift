import FoundationEssentials

/// An S3 bucket, as ListBuckets shows it.
package struct Bucket: Codable, Sendable {
  package var name: String
  package var created = Date(timeIntervalSince1970: 1_767_225_600)
  package var region = "us-east-1"

  package init(_ name: String, created: Date = Date(timeIntervalSince1970: 1_767_225_600)) {
    (self.name, self.created) = (name, created)
  }

  enum CodingKeys: String, CodingKey, CaseIterable { case name, created, region }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.fields(CodingKeys.self)
    name = try fields.decode(String.self, forKey: .name)
    created = try fields.value(.created, or: created)
    region = try fields.value(.region, or: region)
  }
}
