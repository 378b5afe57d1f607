# The results of pROC for the cases in fixtures/intervals/delong.json: variances, covariances, intervals and tests, by a
# published implementation of DeLong et al. (1988).
#
#   Rscript scripts/reference/proc.R        # writes fixtures/intervals/proc.json
#
# Made with R 4.2 and pROC 1.18.0 (Debian 12: r-cran-proc, r-cran-jsonlite).

suppressMessages(library(pROC))
library(jsonlite)

folder <- file.path("fixtures", "intervals")
cases <- fromJSON(file.path(folder, "delong.json"), simplifyVector = FALSE)$cases
numbers <- function(values) sapply(values, function(value) if (is.null(value)) NA_real_ else as.numeric(value))
# Do not let pROC swap the classes: higher is positive.
curve <- function(truths, scores) roc(truths, scores, levels = c(0, 1), direction = "<", quiet = TRUE)

one <- function(case) {
  truths <- numbers(case$truths)
  known <- !is.na(truths)
  if (sum(truths[known] == 1) < 2 || sum(truths[known] == 0) < 2) return(NULL)
  first <- curve(truths[known], numbers(case$first)[known])
  second <- curve(truths[known], numbers(case$second)[known])
  test <- suppressWarnings(roc.test(first, second, method = "delong", paired = TRUE))
  area <- function(roc) {
    ends <- suppressWarnings(as.numeric(ci.auc(roc, method = "delong")))
    list(auroc = as.numeric(auc(roc)), variance = suppressWarnings(var(roc)), interval = c(ends[1], ends[3]))
  }
  list(
    name = case$name,
    first = area(first),
    second = area(second),
    covariance = suppressWarnings(cov(first, second)),
    z = unname(as.numeric(test$statistic)),
    p = unname(as.numeric(test$p.value))
  )
}

found <- Filter(Negate(is.null), lapply(cases, one))
made_with <- list(R = as.character(getRversion()), pROC = as.character(packageVersion("pROC")))
writeLines(
  toJSON(list(made_with = made_with, cases = found), auto_unbox = TRUE, digits = NA, na = "null", pretty = FALSE),
  file.path(folder, "proc.json")
)
