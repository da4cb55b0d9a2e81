/// Walks through an answer of several pages, and ends even where the service does not.
struct Pages {
  /// Where the next page begins; nil for the first page, and after the last.
  private(set) var marker: String?
  private var turned = 0
  private let call: String
  private let limit: Int

  init(call: String, limit: Int) {
    self.call = call
    self.limit = limit
  }

  /// Goes on to `next`; an error where that is the page before, or one too many.
  mutating func turn(to next: String?) throws(AWSError) {
    turned += 1
    guard next == nil || (next != marker && turned < limit) else {
      throw .malformed(call: call, element: "next page")
    }
    marker = next
  }
}
