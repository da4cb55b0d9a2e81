/// What a test needs did not come to be; this says nothing about what it tests.
package struct SetupFailure: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}
