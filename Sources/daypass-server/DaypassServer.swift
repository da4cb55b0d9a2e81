import Delivery
import Glibc
import Server
import TerminalIO

/// The credential server: a program of its own, so that the HTTP library in it costs no other start of daypass anything.
@main
enum DaypassServer {
  static func main() {
    do {
      try ServerRun(Hardening.begin()).run()
    } catch {
      exit(Diagnostics(verbosity: .normal).report(error))
    }
  }
}
