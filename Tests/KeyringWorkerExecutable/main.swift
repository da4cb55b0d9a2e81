import Foundation
import Keyring

/// The process that WorkerStore starts in tests; in production daypass itself is started for this.
KeyringWorker.run(descriptor: KeyringWorker.descriptor, environment: ProcessInfo.processInfo.environment)
