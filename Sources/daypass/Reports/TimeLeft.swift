/// A time span as people say it: `11 h 59 min`, `42 s`.
struct TimeLeft {
  let seconds: Int

  var text: String {
    switch seconds {
    case ..<0: "expired"
    case ..<60: "\(seconds) s left"
    case ..<3600: "\(seconds / 60) min left"
    default: "\(seconds / 3600) h \(seconds % 3600 / 60) min left"
    }
  }
}
