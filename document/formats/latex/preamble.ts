/** What a file of LaTeX begins with: only packages that every distribution has. */
export const PREAMBLE = String.raw`% Compile with lualatex or xelatex, which know all of Unicode as far as the font has it. pdflatex knows Latin letters alone.
\documentclass[11pt]{article}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[utf8]{inputenc}
  \usepackage[T1]{fontenc}
  \usepackage{lmodern}
\else
  \usepackage{fontspec}
  \IfFontExistsTF{Libertinus Serif}{\setmainfont{Libertinus Serif}}{\IfFontExistsTF{FreeSerif}{\setmainfont{FreeSerif}}{}}
\fi
\usepackage{textcomp}
\usepackage{amsmath,amssymb}
\usepackage[margin=25mm]{geometry}
\usepackage{xcolor}
\usepackage[normalem]{ulem}
\usepackage{array,longtable}
\usepackage[hidelinks]{hyperref}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.6em}
\providecommand{\textquotedbl}{"}
\newcommand{\highlighted}[1]{{\bgroup\markoverwith{\textcolor{yellow!40}{\rule[-.5ex]{2pt}{2.5ex}}}\ULon{#1}}}
\newcommand{\inserted}[1]{\textcolor{teal}{\uline{#1}}}
\newcommand{\deleted}[1]{\textcolor{red}{\sout{#1}}}
`;
