/// What `export` printed, and what the variables that it sets then hold, in the order of `Shell.variables`.
package struct ExportedDocument: Sendable {
  let text: String
  let values: [String]

  package init(_ text: String, holding values: [String]) {
    self.text = text
    self.values = values
  }
}
