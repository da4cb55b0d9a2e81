import AWSValues
import ArgumentParser
import Profiles

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

  /// A shared library that cannot be opened: it is not there, or there is no memory or descriptor left for it.
  static func missingLibrary(_ file: String, package: String) -> Explanation {
    Explanation(
      "the library \(file) cannot be opened",
      hint: "sudo apt install \(package); where it is installed, see whether a limit is too low: ulimit -a",
      status: .failure)
  }

  /// What OpenSSL's configuration leaves out.
  static func missingAlgorithm(_ algorithm: String) -> Explanation {
    Explanation(
      "OpenSSL does not offer \(algorithm)",
      hint: "see what its configuration allows: openssl list -digest-algorithms", status: .failure)
  }

  /// How far this machine's clock is from AWS's, which is `offset` seconds ahead.
  static func clock(isOffBy offset: Int?) -> String {
    guard let offset else { return "this machine's clock is off" }
    let seconds = abs(offset)
    let minutes = (seconds + 30) / 60
    let amount = seconds < 120 ? "\(seconds) s" : minutes < 120 ? "\(minutes) min" : "\((minutes + 30) / 60) h"
    return "this machine's clock is off by \(amount): it is \(offset > 0 ? "behind" : "ahead")"
  }

  /// The command as it was typed: a word, or the two of a command in a group; none where an option comes first.
  private static var typedWords: [String] {
    let words = CommandLine.arguments.dropFirst().prefix(2).prefix { !$0.hasPrefix("-") }
    let isGroup = DaypassCommand.groups.contains { $0._commandName == words.first }
    return Array(words.prefix(isGroup ? 2 : 1))
  }

  /// A command line that cannot be understood, in the words of the argument parser.
  private static func misuse(_ error: any Error) -> Explanation {
    let words = typedWords
    guard let command = DaypassCommand.command(named: words) else { return unknownCommand(words) }
    let message = DaypassCommand.message(for: error)
    return Explanation(
      message.firstSentence.displayText(), hint: message.choices ?? "daypass \(command)--help",
      status: .usage)
  }

  private static func unknownCommand(_ words: [String]) -> Explanation {
    let group = words.dropLast().map { $0 + " " }.joined()
    let nearest = NearestNames(to: words.last ?? "").among(DaypassCommand.names(in: words.dropLast()))
    return Explanation(
      "there is no command '\(words.joined(separator: " ").displayText())'",
      hint: nearest.map { group + $0 }.question ?? "daypass \(group)--help lists the commands", status: .usage)
  }
}

extension String {
  /// The first sentence, without its capital letter and full stop.
  fileprivate var firstSentence: String {
    let line = prefix { $0 != "\n" }
    let sentence = line.firstRange(of: ". ").map { line[..<$0.lowerBound] } ?? line
    return sentence.prefix(1).lowercased() + (sentence.hasSuffix(".") ? sentence.dropLast() : sentence).dropFirst()
  }

  /// What may stand there, where the argument parser lists it: `one of sh, fish`.
  fileprivate var choices: String? {
    let listed = split(separator: "\n").filter { $0.hasPrefix("  - ") }.map { $0.dropFirst(4) }
    return listed.isEmpty ? nil : "one of " + listed.joined(separator: ", ")
  }
}
