;; What someone does who has followed the page on editors; each finding is a line: its name, a tab, what was found.
(defun told (name text) (princ (format "%s\t%s\n" name text)))

(defun until (condition)
  (let ((end (+ (float-time) 60)))
    (while (not (funcall condition))
      (when (> (float-time) end) (error "It did not happen"))
      (accept-process-output nil 0.05))))

(require 'eglot)
(setq eglot-sync-connect t)
(find-file "cart.py")
(call-interactively #'eglot)
(until (lambda ()
         (eq 0 (plist-get (plist-get (jsonrpc-request (eglot-current-server) :wherein/status nil) :index) :behind))))

(wherein-search "how is a credit card charged")
(with-current-buffer "*wherein*"
  (goto-char (point-min))
  (told "found" (buffer-substring (point) (line-end-position)))
  (compile-goto-error))
(with-current-buffer "payment.py"
  (told "jumped" (format "%s:%d" (buffer-name) (line-number-at-pos))))

(with-current-buffer "cart.py"
  (told "symbols" (substring-no-properties
                   (xref-item-summary (car (xref-backend-apropos 'eglot "charge_card")))))
  (told "actions" (mapconcat (lambda (action) (plist-get action :title))
                             (eglot-code-actions (point-min) (point-max)) ", ")))
