import AWSValues
import Glibc

extension KeyInputError: Explainable {
  var explanation: Explanation {
    switch self {
    case .missing(let part, let input):
      Explanation("\(part.words) is missing in \(input.words)", hint: input.hint, status: .usage)
    case .invalidAccessKeyID:
      Explanation(
        "an access key id is 16 to 128 letters and digits, like AKIAIOSFODNN7EXAMPLE",
        hint: "copy it again from the IAM console", status: .usage)
    case .invalidSecret:
      Explanation(
        "this is no secret access key: it is empty, or holds a space or another character that none has",
        hint: "copy it again from the IAM console",
        status: .usage)
    case .temporary:
      Explanation(
        "these are temporary credentials, which expire; the keyring keeps long-term keys (AKIA…)",
        hint: "create an access key for the user in the IAM console", status: .usage)
    case .unreadable(let path, let code):
      Explanation(
        "cannot read \(path.displayText()): \(String(systemError: code))",
        hint: "check the path and who may read the file: ls -l \(path.displayText())", status: .failure)
    case .notRegular(let path):
      Explanation(
        "\(path.displayText()) is neither a file nor a pipe",
        hint: "choose the .csv file that the IAM console offered when the access key was made", status: .usage)
    case .silentPipe(let path):
      Explanation(
        "waited in vain for somebody to write to the pipe \(path.displayText())",
        hint: "start what writes to it, or choose a file", status: .failure)
    case .tooLarge(let path, let limit):
      Explanation(
        "\(path.displayText()) holds more than \(limit) bytes, so it is no key file",
        hint: "choose the .csv file that the IAM console offered when the access key was made", status: .usage)
    case .noColumns(let path):
      Explanation(
        "\(path.displayText()) has no columns 'Access key ID' and 'Secret access key'",
        hint: "download the .csv file when creating the access key in the IAM console", status: .usage)
    }
  }
}

extension KeyInputError.Part {
  fileprivate var words: String {
    switch self {
    case .accessKeyID: "the access key id"
    case .secretAccessKey: "the secret access key"
    }
  }
}

extension KeyInput {
  fileprivate var words: String {
    switch self {
    case .terminal: "what was typed"
    case .environment: "the environment"
    case .standardInput: "standard input"
    case .csv(let path): path.displayText()
    case .plainText: "the profile's section of ~/.aws/credentials"
    }
  }

  fileprivate var hint: String? {
    switch self {
    case .terminal, .csv: nil
    case .plainText: "leave out --import to type the key"
    case .environment: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    case .standardInput: "the key id on the first line, the secret access key on the second"
    }
  }
}

extension String {
  /// What errno means, in the C library's words.
  init(systemError code: Int32) {
    self = unsafe String(cString: strerror(code))
  }
}
