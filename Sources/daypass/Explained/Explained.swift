import ArgumentParser
import Console

/// An error whose sentence, hint and exit status are known. All wording is in this folder, one file an error type.
protocol Explainable: Error {
  var explanation: Explanation { get }
}

enum Explained {
  /// The explanation of any error that reached the top.
  static func error(_ error: any Error) -> Explanation {
    if let error = error as? any Explainable { return error.explanation }
    if DaypassCommand.exitCode(for: error) == .validationFailure { return misuse(error) }
    return Explanation("unexpected: \(String(reflecting: error).displayText())", status: .failure)
  }

  /// What is missing where a shared library cannot be opened.
  static func missingLibrary(_ file: String, package: String) -> Explanation {
    Explanation("the library \(file) is not installed", hint: "sudo apt install \(package)", status: .failure)
  }

  /// A command line that cannot be understood, in the words of the argument parser.
  private static func misuse(_ error: any Error) -> Explanation {
    let message = DaypassCommand.message(for: error)
    let first = message.split(separator: "\n").first.map(String.init) ?? "the command line cannot be understood"
    return Explanation(first.startingLowerCase.displayText(), hint: "daypass --help", status: .usage)
  }
}

extension String {
  /// Without the capital letter and the full stop of a sentence.
  fileprivate var startingLowerCase: String {
    let sentence = hasSuffix(".") ? dropLast() : self[...]
    return sentence.prefix(1).lowercased() + sentence.dropFirst()
  }
}
