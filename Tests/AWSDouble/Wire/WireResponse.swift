/// An answer before it is written to the connection; `Date` and `Content-Length` are added there.
package struct WireResponse: Sendable {
  package var status: Int
  package var headers: [(name: String, value: String)]
  package var body: [UInt8]

  package init(_ status: Int, type: String, _ body: String, headers: [(name: String, value: String)] = []) {
    self.status = status
    self.headers = [("Content-Type", type)] + headers
    self.body = Array(body.utf8)
  }
}
