import Delivery

extension HardeningError: Explainable {
  var explanation: Explanation {
    switch self {
    case .elevated:
      Explanation(
        "daypass does not run with privileges of its own (setuid, setgid, capabilities)",
        hint: "chmod u-s,g-s the binary", status: .failure)
    case .traceable(let code):
      Explanation(
        "cannot keep other processes out of this one's memory: \(String(systemError: code))", status: .failure)
    case .noNullDevice(let code):
      Explanation("cannot open /dev/null: \(String(systemError: code))", status: .failure)
    }
  }
}
